"""What operators and their machines ask: is it alive, is it ready, how much does it do, what failed for good."""
