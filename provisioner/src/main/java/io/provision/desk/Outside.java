package io.provision.desk;

import io.provision.model.rotation.OwnCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is neither a host nor a cluster, and is asked or run from the operator's machine because the
 * user wants it so: web servers, a Prometheus, programs of this machine. For any thread.
 */
public interface Outside {

  /**
   * What is not so; empty where the check passes. An answer that does not come is told here too.
   *
   * @throws InterruptedException where an end was asked for; nothing is left of it then
   */
  Optional<String> missing(OwnCheck check, Occasion occasion) throws InterruptedException;

  /**
   * Runs a program, without a shell and a terminal, until it has ended.
   *
   * @param within after which it is ended, and all that it started with it
   * @throws InterruptedException where the thread was woken; it is ended before
   */
  Ended run(List<String> command, Duration within, Occasion occasion) throws InterruptedException;

  /** Why a program could not be started; empty where it could. */
  Optional<String> unstartable(String program, Path directory);

  /**
   * In what a program finds itself.
   *
   * @param directory in which it runs, and from which its path counts
   * @param variables of its environment, besides those of ours
   */
  record Occasion(Path directory, Map<String, String> variables) {
    public Occasion {
      variables = Map.copyOf(variables);
    }
  }

  /** What came of a program. */
  sealed interface Ended {
    /** The last lines it said, each short. */
    List<String> lines();

    /** By itself. */
    record Exited(int status, List<String> lines) implements Ended {
      public Exited {
        lines = List.copyOf(lines);
      }
    }

    /** By us: its time was over. */
    record Late(List<String> lines) implements Ended {
      public Late {
        lines = List.copyOf(lines);
      }
    }

    /** It never began. */
    record Unstarted(String why) implements Ended {
      @Override
      public List<String> lines() {
        return List.of();
      }
    }
  }
}
