/**
 * Models of the Hugging Face hub: {@link io.github.lumina4j.hub.ModelHub} fetches them, {@link
 * io.github.lumina4j.hub.HubCache} finds, lists and removes them. Both keep to the folders of the
 * Python library {@code huggingface_hub}, so that either finds what the other has fetched.
 */
package io.github.lumina4j.hub;
