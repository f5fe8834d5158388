"""THE PICTURE of the phone in the README, made from a real run."""
