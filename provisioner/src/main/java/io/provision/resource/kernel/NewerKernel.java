package io.provision.resource.kernel;

import io.provision.remote.ShellFunction;

/**
 * A kernel that was installed since the host booted, is newer than the one that runs, and of the
 * same flavour: what Debian's packages write to {@code /run/reboot-required} only where {@code
 * unattended-upgrades} or {@code update-notifier-common} is installed. One that was there when the
 * host booted was not booted then, and would not be the next time either: whoever pins an older
 * kernel is not rebooted for ever.
 */
final class NewerKernel {
  /**
   * {@code look_newer_kernel}: one line that says both; nothing where there is none, or nobody can
   * tell. A release is a version, perhaps the number of an ABI, and a flavour: {@code
   * 6.1.0-28-cloud-amd64}, {@code 6.12.41+deb13-amd64}, {@code 6.8.0-1015-raspi}.
   */
  static final ShellFunction LOOK =
      new ShellFunction(
          "look_newer_kernel",
          """
          runs=$(uname -r | head -c 200)
          flavour=$(printf '%s\\n' "$runs" | sed -nE 's/^[0-9][^-]*(-[0-9][^-]*)?-([A-Za-z].*)$/\\2/p' | head -n 1)
          [ -n "$flavour" ] || return 0
          newest=$(ls /boot 2>/dev/null | head -c 100000 |
            sed -nE 's/^vmlinuz-([0-9][^-]*(-[0-9][^-]*)?)-([A-Za-z].*)$/\\1 \\3/p' |
            flavour=$flavour awk '$2 == ENVIRON["flavour"] { print $1 }' | sort -V 2>/dev/null | tail -n 1)
          [ -n "$newest" ] && dpkg --compare-versions "$newest" gt "${runs%-"$flavour"}" 2>/dev/null || return 0
          booted=$(sed -n 's/^btime //p' /proc/stat | head -c 20)
          came=$(stat -L -c %Z "/boot/vmlinuz-$newest-$flavour" 2>/dev/null | head -c 20)
          [ "$came" -gt "$booted" ] 2>/dev/null || return 0
          echo "kernel $newest-$flavour is installed, $runs runs"\
          """);

  private NewerKernel() {}
}
