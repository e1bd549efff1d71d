# Written by provision: records what the unit is started with, so that a change is seen.
[Service]
${record}
