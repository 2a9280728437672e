"""The revisions. One that was released never changes; tables are written out, as the code's may move on."""
