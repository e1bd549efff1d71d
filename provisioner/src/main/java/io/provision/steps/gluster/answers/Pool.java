package io.provision.steps.gluster.answers;

import java.util.List;
import java.util.Optional;

/** What {@code gluster pool list} says on one host. */
public record Pool(List<Peer> peers) {
  /** The state "Peer in Cluster"; see glusterd-sm.c. */
  public static final int IN_CLUSTER = 3;

  /** The state "Peer Rejected": its configuration differs from that of the others. */
  public static final int REJECTED = 6;

  public Pool {
    peers = List.copyOf(peers);
  }

  /**
   * A member as this host sees it.
   *
   * @param state empty for the host itself, which has none
   */
  public record Peer(
      String uuid, List<String> names, boolean connected, Optional<Integer> state, String says) {
    public Peer {
      names = List.copyOf(names);
    }

    /** Whether it can be counted on: connected and a full member. */
    public boolean isWhole() {
      return connected && (isSelf() || state.filter(it -> it == IN_CLUSTER).isPresent());
    }

    public boolean isSelf() {
      return state.isEmpty() && names.equals(List.of("localhost"));
    }

    /** As an operator calls it: a name, where it has one that is no address. */
    public String name() {
      return names.stream()
          .filter(name -> !name.matches("[0-9.]+|.*:.*"))
          .findFirst()
          .orElse(names.getFirst());
    }

    @Override
    public String toString() {
      return names.getFirst()
          + " ("
          + (isSelf() ? "itself" : says + (connected ? "" : ", disconnected"))
          + ")";
    }
  }

  public static Reading<Pool> read(String answer) {
    return GlusterXml.read(
        answer,
        root -> new Pool(root.one("peerStatus").all("peer").stream().map(Pool::peer).toList()));
  }

  private static Peer peer(GlusterXml xml) {
    var name = xml.text("hostname");
    var others =
        xml.find("hostnames").stream()
            .flatMap(it -> it.all("hostname").stream())
            .map(GlusterXml::own)
            .filter(it -> !it.equals(name))
            .toList();
    var names = new java.util.ArrayList<>(List.of(name));
    names.addAll(others);
    var uuid = xml.text("uuid");
    if (uuid.isEmpty() || name.isEmpty()) {
      throw new GlusterXml.Malformed("a peer without uuid or name");
    }
    return new Peer(
        uuid,
        names,
        xml.number("connected") == 1,
        xml.find("state").isPresent() ? Optional.of(xml.number("state")) : Optional.empty(),
        xml.find("stateStr").map(GlusterXml::own).orElse(""));
  }

  public Optional<Peer> find(String uuid) {
    return peers.stream().filter(peer -> peer.uuid().equals(uuid)).findFirst();
  }

  public boolean isAlone() {
    return peers.stream().allMatch(Peer::isSelf);
  }
}
