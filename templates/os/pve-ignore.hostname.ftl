# Written by provision: the hostname is as the inventory has it.
