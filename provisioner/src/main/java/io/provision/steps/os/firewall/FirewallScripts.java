package io.provision.steps.os.firewall;

import io.provision.remote.ShellFunction;

/** The functions that read and change a firewall. */
final class FirewallScripts {
  /** Asks only a firewall that is active: a question to any other would start it. */
  static final ShellFunction LOOK =
      new ShellFunction(
          "look_firewall",
          """
          if grep -qs '^ENABLED=yes' /etc/ufw/ufw.conf; then
            echo ufw
            cat /etc/ufw/user.rules /etc/ufw/user6.rules
          elif [ "$(systemctl is-active firewalld)" = active ]; then
            echo firewalld
            timeout 20 firewall-cmd --get-default-zone
            echo '== now'
            timeout 20 firewall-cmd --list-all-zones
            echo '== boot'
            timeout 20 firewall-cmd --permanent --list-all-zones
          fi
          return 0\
          """);

  /** {@code change_ufw VERB PORT FROM...}: VERB is open or close; PORT and FROM may be any. */
  static final ShellFunction UFW =
      new ShellFunction(
          "change_ufw",
          """
          while [ "$#" -gt 2 ]; do
            verb=$1 port=$2 from=$3
            shift 3
            case $verb-$port-$from in
              close-*) try ufw --force delete allow "$port" ;;
              open-any-*) try ufw allow from "$from" comment provision ;;
              open-*-any) try ufw allow "$port" comment provision ;;
              open-*)
                try ufw allow proto "${port#*/}" from "$from" to any port "${port%/*}" \\
                  comment provision
                ;;
            esac >&2 || return
          done\
          """);

  /** {@code change_firewalld VERB PORT FROM...}: now and at boot, in each zone that is used. */
  static final ShellFunction FIREWALLD =
      new ShellFunction(
          "change_firewalld",
          """
          zones=$({
            firewall-cmd --get-default-zone
            firewall-cmd --get-active-zones |
              awk '/^[^ \\t]/ { zone = $1 } /^[ \\t]+interfaces: *[^ ]/ { print zone }'
          } | sort -u)
          while [ "$#" -gt 2 ]; do
            verb=$1 port=$2 from=$3
            shift 3
            family=ipv4
            case $from in *:*) family=ipv6 ;; esac
            where=$zones
            case $verb-$port-$from in
              close-*) what=--remove-port=$port ;;
              open-any-*) where=trusted what=--add-source=$from ;;
              open-*-any) what=--add-port=$port ;;
              open-*)
                what="--add-rich-rule=rule family=$family source address=$from"
                what="$what port port=${port%/*} protocol=${port#*/} accept"
                ;;
            esac
            for zone in $where; do
              try firewall-cmd -q "--zone=$zone" "$what" &&
                try firewall-cmd -q --permanent "--zone=$zone" "$what" || return
            done
          done\
          """);

  private FirewallScripts() {}
}
