package io.provision.fabric8;

import io.provision.kube.ObjectStates;
import io.provision.kube.Reaches;
import io.provision.kube.Reaches.Reach;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/** Connects from this machine to addresses of services, all at once, and hangs up. */
final class ServiceReach {
  private ServiceReach() {}

  /** Blocks as long as one may take. */
  static Reaches of(ObjectStates services, int most, Duration each) {
    return switch (services) {
      case ObjectStates.Unheard(var why) -> Reaches.unheard(why);
      case ObjectStates.Seen(var objects, _) -> {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
          var asked =
              objects.stream()
                  .flatMap(service -> wanted(service).stream())
                  .limit(most)
                  .map(
                      reach -> CompletableFuture.supplyAsync(() -> connected(reach, each), threads))
                  .toList();
          yield Reaches.of(asked.stream().map(CompletableFuture::join).toList());
        }
      }
    };
  }

  /** What there is to ask of a service; empty of another type, or without a TCP port. */
  private static List<Reach> wanted(ObjectStates.State service) {
    var port = port(service);
    if (!"LoadBalancer".equals(service.spec().get("type")) || port.isEmpty()) {
      return List.of();
    }
    var wanted = new ArrayList<Reach>();
    var balancer = service.status().get("loadBalancer");
    if (balancer instanceof Map<?, ?> map && map.get("ingress") instanceof List<?> ingress) {
      for (var one : ingress) {
        if (one instanceof Map<?, ?> entry && entry.get("ip") instanceof String address) {
          wanted.add(new Reach(service.title(), address, port.get(), ""));
        }
      }
    }
    return wanted.isEmpty()
        ? List.of(new Reach(service.title(), "", port.get(), "it has no address yet"))
        : wanted;
  }

  private static Optional<Integer> port(ObjectStates.State service) {
    if (service.spec().get("ports") instanceof List<?> ports) {
      for (var one : ports) {
        if (one instanceof Map<?, ?> port
            && !"UDP".equals(port.get("protocol"))
            && !"SCTP".equals(port.get("protocol"))
            && port.get("port") instanceof Number number) {
          return Optional.of(number.intValue());
        }
      }
    }
    return Optional.empty();
  }

  private static Reach connected(Reach reach, Duration each) {
    if (reach.address().isEmpty()) {
      return reach;
    }
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(reach.address(), reach.port()), (int) each.toMillis());
      return reach;
    } catch (SocketTimeoutException _) {
      return failed(reach, "timed out after %d s".formatted(each.toSeconds()));
    } catch (ConnectException e) {
      return failed(reach, e.getMessage() + ": has it pods that are ready?");
    } catch (IOException e) {
      return failed(reach, String.valueOf(e.getMessage()));
    }
  }

  private static Reach failed(Reach reach, String why) {
    return new Reach(reach.service(), reach.address(), reach.port(), why);
  }
}
