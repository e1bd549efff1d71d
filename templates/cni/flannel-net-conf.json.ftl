{
<#if ipv6>
  "EnableIPv4": false,
  "EnableIPv6": true,
  "IPv6Network": "${pods}",
<#else>
  "Network": "${pods}",
</#if>
  "EnableNFTables": ${nftables?c},
  "Backend": {
    "Type": "vxlan"
  }
}
