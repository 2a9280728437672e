"""The API describes itself: what routes take and give, the step that checks it, and the document made of it."""
