# Written by provision. glusterd resolves its peers when it starts and gives up where it cannot, so the
# network must be up before it. Debian's unit stands before network-online.target: so that target
# cannot be named here, but what it waits for can.
[Unit]
Wants=network-online.target
After=systemd-networkd-wait-online.service NetworkManager-wait-online.service networking.service nss-lookup.target

[Service]
Restart=on-failure
RestartSec=5
