"""Signal code: sample in, result out; integers within 31 bits, no allocation per sample, no hardware, no clock."""
