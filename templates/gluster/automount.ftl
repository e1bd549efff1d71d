# Written by provision.
[Unit]
Description=GlusterFS volume ${volume}, mounted for whoever comes first
Before=kubelet.service k3s.service k3s-agent.service
StartLimitIntervalSec=0

[Automount]
Where=${path}

[Install]
WantedBy=multi-user.target
