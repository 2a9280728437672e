"""The wearable's case: its layout and rules without a CAD kernel, and its solids with one."""
