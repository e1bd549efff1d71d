package io.provision.step.datastore;

import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.remote.Script;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the members of a datastore give back the room that they do not use, one after another. */
public interface Defragmentation {

  /** Asks a server for its member; {@link #course} reads the answer. */
  Call look(HostName server);

  /**
   * What the answers of all servers come to. It is asked anew before each turn: a member may fail,
   * and the leader may be another one by then.
   */
  Course course(Inventory inventory, Map<HostName, Frame> answers);

  /** Defragments the member of this server alone, and waits until it and the others answer. */
  List<Script> defragment(HostName server);

  /** Takes back the alarm that there is no room. */
  Script disarm(HostName server);

  /**
   * Who is defragmented after whom.
   *
   * @param obstacles why nobody is, a sentence each; where there are any there are no turns
   * @param turns all members, the leader last
   * @param alarmed whether an alarm says that there is no room
   * @param full why such an alarm would come back at once; empty where there is room
   */
  record Course(List<String> obstacles, List<Turn> turns, boolean alarmed, Optional<String> full) {
    public Course {
      obstacles = List.copyOf(obstacles);
      turns = List.copyOf(turns);
    }
  }

  /**
   * One member.
   *
   * @param size of its database, in words
   * @param worthwhile whether it would give anything back
   */
  record Turn(HostName server, String size, boolean worthwhile) {}
}
