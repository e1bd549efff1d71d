package io.provision.steps.kubernetes;

/** A section of the inventory that has something hand out addresses for services. */
public interface LoadBalancer {}
