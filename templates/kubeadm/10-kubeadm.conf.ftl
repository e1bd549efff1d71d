# Written by provision: ${unit} says all, and this is in the place of the package's.
