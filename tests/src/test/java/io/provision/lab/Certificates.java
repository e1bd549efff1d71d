package io.provision.lab;

/** Certificates of a node as openssl on it shows and makes them. */
final class Certificates {
  private Certificates() {}

  /**
   * The same with its own key but for its end, signed again by this authority of another node.
   *
   * @param days until it ends; less than none where it has ended
   */
  static void endsInDays(Node signer, Node node, String path, String authority, int days) {
    var request =
        node.sh(
            "openssl x509 -x509toreq -copy_extensions copyall -in %s -signkey %s"
                .formatted(path, path.replace(".crt", ".key")));
    var signed =
        signer.sh(
            """
            cat >/root/request.pem <<'END'
            %sEND
            openssl x509 -req -copy_extensions copyall -in /root/request.pem -CA %s.crt -CAkey %2$s.key \\
              -set_serial 4711 -days %d && cat %2$s.crt
            """
                .formatted(request, authority, days));
    node.sh("cat >%s <<'END'\n%sEND\n".formatted(path, signed));
  }

  /** Whether it is one that a year was given, less what a test takes. */
  static boolean lastsTheYear(Node node, String path) {
    return node.succeeds(
        "openssl x509 -in %s -noout -checkend $((360 * 86400)) >/dev/null".formatted(path));
  }
}
