package io.provision.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Machines vm1, vm2, ... that reach one another at 10.9.9.1, 10.9.9.2, ...; this machine reaches
 * each by a port of its own.
 */
final class VmNetwork implements AutoCloseable {
  private final Path disk;
  private final Path network;
  private final Process hub;
  private final List<Vm> vms = new ArrayList<>();

  private VmNetwork(Path disk, Path network, Process hub) {
    this.disk = disk;
    this.network = network;
    this.hub = hub;
  }

  /**
   * Boots them all at once.
   *
   * @param packages what is installed on each before, in one string
   */
  static VmNetwork boot(int count, String packages) {
    var disk = Vm.disk(packages);
    try {
      var directory = Vm.scratch();
      var hub =
          new ProcessBuilder(Vm.script(), "segment", directory.toString(), "" + count)
              .redirectErrorStream(true)
              .redirectOutput(disk.resolve("hub").toFile())
              .start();
      hub.getOutputStream().close();
      var all = new VmNetwork(disk, directory, hub);
      try {
        for (var number = 1; number <= count; number++) {
          all.vms.add(Vm.of(disk, number, directory));
        }
        all.vms.forEach(vm -> vm.awaitBoot(""));
        return all;
      } catch (RuntimeException | Error e) {
        all.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Vm> vms() {
    return List.copyOf(vms);
  }

  Vm vm(int number) {
    return vms.get(number - 1);
  }

  @Override
  public void close() {
    vms.forEach(Vm::close);
    var _ = hub.destroyForcibly().onExit().join();
    Commands.run("rm", "-rf", disk.toString(), network.toString());
  }
}
