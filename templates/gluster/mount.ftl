# Written by provision.
[Unit]
Description=GlusterFS volume ${volume}
After=glusterd.service network-online.target
Wants=network-online.target
Before=kubelet.service k3s.service k3s-agent.service
StartLimitIntervalSec=0

[Mount]
What=${server}:/${volume}
Where=${path}
Type=glusterfs
Options=_netdev,log-level=WARNING<#if backups?has_content>,backup-volfile-servers=${backups?join(":")}</#if>
TimeoutSec=90
