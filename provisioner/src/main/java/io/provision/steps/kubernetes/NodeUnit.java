package io.provision.steps.kubernetes;

import io.provision.remote.ShellFunction;
import io.provision.resource.unit.UnitScripts;
import java.util.List;

/** The unit that runs a node, whichever distribution's. */
public final class NodeUnit {

  /**
   * {@code start_node UNIT}: starts it anew and waits until it was started with the files that are
   * there, not until it is up: that can take minutes, or for ever.
   */
  public static final ShellFunction START =
      new ShellFunction(
          "start_node",
          """
          bring_unit "$1" - enable || return
          systemctl reset-failed -- "$1" 2>/dev/null
          before=$(systemctl show -p InvocationID -- "$1" | head -c 100)
          try systemctl restart --no-block -- "$1" || return
          left=240
          while [ "$left" -gt 0 ]; do
            state=$(systemctl show -p InvocationID,SubState -- "$1" | head -c 200)
            case $state in
              *SubState=start-pre* | *SubState=stop* | *SubState=final* | *SubState=dead*) ;;
              *) printf '%s\\n' "$state" | grep -qxF -e "$before" || return 0 ;;
            esac
            left=$((left - 1))
            [ "$left" -ne 238 ] || say "waiting for $1 to stop and start again"
            sleep 0.5
          done
          echo "$1 did not stop and start again within two minutes" >&2
          return 1\
          """,
          List.of(UnitScripts.BRING));

  private NodeUnit() {}
}
