# Written by provision: what the inventory says of ${file} holds after a boot, too.
${key}: ${value}
