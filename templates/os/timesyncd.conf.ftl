# Written by provision, from 'time' of the inventory.
[Time]
NTP=${servers?join(" ")}
