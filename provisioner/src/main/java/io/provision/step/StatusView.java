package io.provision.step;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What an area adds to the screen of a status. Its line in the catalog registers it. */
public interface StatusView {

  /** Steps that only look, which a status asks behind those of its playbook. */
  sealed interface Ask {
    String title();

    /** The step's name in messages. */
    String step();

    /**
     * @param hosts whom it asks
     */
    record OnHosts(String title, List<Host> hosts, String step, Step<Target.OnHost> look)
        implements Ask {}

    record OnCluster(String title, String step, Step<Target.OnCluster> look) implements Ask {}
  }

  /**
   * What a run saw.
   *
   * @param hosts those that answered
   * @param cluster what the API said
   * @param clusterAsked whether a step was to ask the API: not under a limit that leaves it out
   * @param unasked why a step of the cluster's was not answered, by its name
   */
  record Seen(
      Map<HostName, Observed> hosts,
      Optional<Observed> cluster,
      boolean clusterAsked,
      Map<String, String> unasked) {}

  /**
   * @param rows as many cells each as the header has
   */
  record Rows(String title, List<String> header, List<List<String>> rows) {}

  /**
   * What more is to be asked.
   *
   * @param provided the outputs of the playbook's steps on hosts: who provides one of these has
   *     looked already, or makes it
   */
  List<Ask> asks(Inventory inventory, Set<Output<?>> provided);

  /** Its tables, in the order in which they are shown; one without rows is left out. */
  List<Rows> tables(Inventory inventory, Seen seen);
}
