package io.provision.section;

/** What steps see of a section that has something hand out addresses for services. */
public interface LoadBalancer {}
