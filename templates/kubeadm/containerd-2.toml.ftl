# Written by provision from the inventory; changes made here are undone.
version = 2

${settings}
