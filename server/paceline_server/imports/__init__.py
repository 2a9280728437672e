"""Files in: a batch is looked at, imported, taken back; what each activity was made of is kept byte for byte."""
