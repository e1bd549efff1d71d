# Written by provision: the file system of the brick of volume ${volume}, made on ${device}.
[Unit]
Description=File system of a brick of GlusterFS volume ${volume}
Before=glusterd.service
Wants=${unit}
After=${unit}

[Mount]
What=UUID=${uuid}
Where=${path}
Type=${type}
Options=noatime,nofail

[Install]
WantedBy=multi-user.target
