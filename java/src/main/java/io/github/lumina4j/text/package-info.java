/**
 * Words: prompt templates, the checkpoint's tokenizer and its special tokens, and the list of token
 * ids the engine starts from.
 *
 * <p>In order of use: {@link io.github.lumina4j.text.TokenizerFile} reads the names and ids (fast),
 * {@link io.github.lumina4j.text.SpecialTokens} picks those the engine needs, {@link
 * io.github.lumina4j.text.LuminaTokenizer} loads the tokenizer itself (seconds for the released
 * vocabulary), {@link io.github.lumina4j.text.PromptBuilder} turns the sentence of a task into ids.
 */
package io.github.lumina4j.text;
