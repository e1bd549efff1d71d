package io.provision.mina;

import io.provision.remote.Transport;
import io.provision.ssh.Attempts;
import io.provision.ssh.TransportContract;
import io.provision.ssh.Workstation;

class MinaTransportTest extends TransportContract {
  @Override
  protected Transport transport(Workstation here, Attempts patience) {
    return new MinaTransport(here, patience);
  }
}
