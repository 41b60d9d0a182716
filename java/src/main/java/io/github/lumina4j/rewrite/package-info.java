/** Rewriting prompts before they are drawn: "thinking before generation". */
package io.github.lumina4j.rewrite;
