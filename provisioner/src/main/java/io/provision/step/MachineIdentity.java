package io.provision.step;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * By what machines are told apart.
 *
 * @param running what no two running systems have in common, and one has under all of its
 *     addresses: boot id and process namespace; empty where it could not be read
 * @param machineId machine-id(5), which a clone keeps
 * @param productUuid what its firmware says; containers have that of the machine under them
 * @param macs of its network cards, in order
 */
public record MachineIdentity(
    Optional<Running> running,
    Optional<String> machineId,
    Optional<String> productUuid,
    List<String> macs) {
  public static final Output<MachineIdentity> OUTPUT =
      new Output<>("machine identity", MachineIdentity.class);

  /**
   * A system between two boots.
   *
   * @param boot of its kernel, which containers share
   * @param namespace of its processes
   */
  public record Running(String boot, String namespace) {}

  public MachineIdentity {
    macs = macs.stream().sorted().toList();
  }

  /** Reads {@code key=value} lines; what is not there is not known. */
  public static MachineIdentity read(String text) {
    var boot = all(text, "boot").findFirst();
    var namespace = all(text, "namespace").findFirst();
    return new MachineIdentity(
        boot.flatMap(id -> namespace.map(ns -> new Running(id, ns))),
        all(text, "machine-id").findFirst(),
        all(text, "product-uuid").findFirst(),
        all(text, "mac").toList());
  }

  private static Stream<String> all(String text, String key) {
    return Arrays.stream(text.split("\n"))
        .filter(line -> line.startsWith(key + "="))
        .map(line -> line.substring(key.length() + 1).strip())
        .filter(value -> !value.isEmpty());
  }

  /** Whether both are one system, reached in two ways. */
  public boolean isSame(MachineIdentity other) {
    return running.isPresent() && running.equals(other.running);
  }

  /** What two systems have in common that no two may have, in words; empty where nothing. */
  public List<String> shared(MachineIdentity other) {
    var ownKernel =
        running.isPresent()
            && other.running.isPresent()
            && !running.get().boot().equals(other.running.get().boot());
    return Stream.of(
            word("machine-id", machineId.isPresent() && machineId.equals(other.machineId)),
            word(
                "product_uuid",
                ownKernel && productUuid.isPresent() && productUuid.equals(other.productUuid)),
            word("MAC addresses", ownKernel && !macs.isEmpty() && macs.equals(other.macs)))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<String> word(String word, boolean holds) {
    return holds ? Optional.of(word) : Optional.empty();
  }
}
