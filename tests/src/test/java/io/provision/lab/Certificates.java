package io.provision.lab;

/** Certificates of a node as openssl on it shows and makes them. */
final class Certificates {
  private Certificates() {}

  /** The same but for its end, signed again by this authority of the first node. */
  static void endsInDays(Node signer, Node node, String path, String authority, int days) {
    var text = node.sh("cat " + path);
    signer.sh(
        """
        umask 077
        cat >/root/old.pem <<'END'
        %sEND
        openssl x509 -in /root/old.pem -CA %s.crt -CAkey %2$s.key -set_serial 4711 -days %d \\
          -out /root/new.pem 2>/dev/null
        cat %2$s.crt >>/root/new.pem
        """
            .formatted(text, authority, days));
    node.sh("cat >%s <<'END'\n%sEND\n".formatted(path, signer.sh("cat /root/new.pem")));
  }

  /** Whether it is one that a year was given, less what a test takes. */
  static boolean lastsTheYear(Node node, String path) {
    return node.succeeds(
        "openssl x509 -in %s -noout -checkend $((360 * 86400)) >/dev/null".formatted(path));
  }
}
