"""Letters: queued with what they tell of, sent by an event's handler; nothing of SMTP is in a request's path."""
