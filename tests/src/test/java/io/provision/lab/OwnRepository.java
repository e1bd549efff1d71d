package io.provision.lab;

/** A repository of one package, {@code quiet}, on a node that asks no other one. */
record OwnRepository(Node node) {
  private static final String BEGIN =
      """
      rm -rf /etc/apt/sources.list /etc/apt/sources.list.d /var/lib/apt/lists/*
      echo 'deb [trusted=yes] file:/opt/repo ./' >/etc/apt/sources.list
      mkdir -p /opt/repo
      """;

  private static final String PUBLISH =
      """
      version=%s d=/opt/made
      rm -rf $d; mkdir -p $d/DEBIAN $d/etc
      printf 'Package: quiet\\nVersion: %%s\\nArchitecture: all\\nMaintainer: lab <lab@example.org>\\nDescription: a test\\n' $version >$d/DEBIAN/control
      echo /etc/quiet.conf >$d/DEBIAN/conffiles
      echo "of $version" >$d/etc/quiet.conf
      printf '#!/bin/sh\\n%%s\\n' '%s' >$d/DEBIAN/postinst
      chmod -R go-w $d; chmod 755 $d $d/DEBIAN $d/DEBIAN/postinst
      dpkg-deb --root-owner-group -b $d /opt/repo/quiet_$version.deb >/dev/null
      for deb in /opt/repo/*.deb; do
        dpkg-deb -f $deb
        printf 'Filename: ./%%s\\nSize: %%s\\nSHA256: %%s\\n\\n' ${deb##*/} $(wc -c <$deb) $(sha256sum <$deb | head -c 64)
      done >/opt/repo/Packages
      apt-get -q update
      """;

  /** With its first version installed. */
  static OwnRepository on(Node node) {
    node.sh(BEGIN);
    var repository = new OwnRepository(node);
    repository.publish(1, ":");
    node.sh("apt-get -q -y install quiet");
    return repository;
  }

  /**
   * @param configured what is run as it is installed, without a quote
   */
  void publish(int version, String configured) {
    node.sh(PUBLISH.formatted(version, configured));
  }

  /** What dpkg says of it. */
  String installed() {
    return node.sh("dpkg-query -W -f '${db:Status-Status} ${Version}' quiet");
  }
}
