# Written by provision, from 'time' of the inventory.
local stratum 10
<#list others as other>
allow ${other}
</#list>
