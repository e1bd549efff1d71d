# Written by provision. After a boot the bricks of other hosts may come later than this host: tries until the volume is
# mounted, and ends then.
[Unit]
Description=GlusterFS volume ${volume} gets mounted
After=glusterd.service network-online.target
Wants=network-online.target

[Service]
Type=simple
ExecStart=/bin/sh -c 'until systemctl start "$$1"; do sleep 5; done' sh "${unit}.mount"

[Install]
WantedBy=multi-user.target
