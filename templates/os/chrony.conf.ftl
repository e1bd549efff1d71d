# Written by provision, from 'time' of the inventory.
<#list servers as server>
server ${server} iburst
</#list>
