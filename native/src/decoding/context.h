// The token sequences of a request and how much of each the key/value cache holds.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "decoding/kept_cache.h"
#include "decoding/monitor.h"
#include "model/transformer.h"

namespace lumina::decoding {

// Of each picture the first row is the conditional sequence, the second, if there is one, the
// sequence without text; each starts at position 0 of its own cache row. Rows of pictures that are
// drawn side by side follow each other and begin alike. Tokens are appended freely and reach the
// cache with the next advance(): a newline that is known in advance therefore travels with the code
// before it.
class Context {
 public:
  // References must outlive the context. The cache has been made; what it holds is forgotten with
  // the first advance(), unless that would compute the same.
  Context(const model::Transformer& model, KeptCache& cache, const Monitor& monitor);

  // Adds a sequence, as the next row of the cache, of the only picture.
  void add_row(std::vector<std::int32_t> tokens);
  // Adds the rows of `pictures` pictures whose header and given rows, `picture`, are known. The row
  // without text, if guided, starts at image start and sees given rows too: guidance acts on the
  // text alone (docs/spec/model.md 7.4).
  void begin(const std::vector<std::int32_t>& prompt, const std::vector<std::int32_t>& picture,
             bool guided, int pictures = 1);
  // Appends a token to every row of a picture.
  void append(std::int32_t token, int picture = 0);

  int rows() const { return static_cast<int>(tokens_.size()); }
  int rows_each() const { return rows() / pictures_; }  // of a picture: 1 or 2
  std::int64_t length(int row) const { return static_cast<std::int64_t>(tokens_.at(row).size()); }

  // Feeds what the cache lacks and returns the hidden state of each row's last token: [B, H]. Rows
  // that lack equally many tokens share one pass; the first call computes one picture's rows alone,
  // and takes no pass if the cache still knows them. Looks at the stop flag before every chunk.
  at::Tensor advance();
  // Feeds ids [n, W] int64 to the n rows of some pictures, in place of the last tokens of each,
  // behind[i] of pictures[i], and beyond, and returns their hidden states [n, W, H]. No token is
  // appended: what of it is a guess is forgotten with the next call. Looks at the stop flag first.
  at::Tensor look_ahead(const std::vector<int>& pictures, const std::vector<std::int64_t>& behind,
                        const at::Tensor& ids);
  // Appends `tokens`, at least one, to every row and feeds them: their hidden states [B, W, H].
  // Nothing else may be missing from the cache, which must have the room. Looks at the stop flag
  // first.
  at::Tensor extend(const std::vector<std::int32_t>& tokens);
  std::int64_t passes() const { return passes_; }  // forward passes so far

  // For a strategy that runs the model itself: where keys and values lie, rows in their order, and
  // word of a pass that it made. What it stores there is no part of what the context knows.
  model::KvCache& cache() { return cache_; }
  void count_pass() { ++passes_; }

 private:
  std::vector<int> first_rows(int count) const;
  void begin_rows();
  void feed_missing(const std::vector<int>& rows);
  void feed(const std::vector<int>& rows);
  at::Tensor forward(const std::vector<int>& rows, const at::Tensor& ids);
  std::int64_t missing(int row) const;

  const model::Transformer& model_;
  KeptCache& kept_;
  model::KvCache& cache_;
  const Monitor& monitor_;
  std::vector<std::vector<std::int32_t>> tokens_;  // per row
  std::vector<at::Tensor> last_;                   // per row: [H], of the last token in the cache
  int pictures_ = 1;
  std::int64_t passes_ = 0;
  bool begun_ = false;
};

}  // namespace lumina::decoding
