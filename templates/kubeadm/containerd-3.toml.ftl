# Written by provision from the inventory; changes made here are undone.
version = 3

${settings}
