# Written by provision from the inventory; changes made here are undone.
${settings}
