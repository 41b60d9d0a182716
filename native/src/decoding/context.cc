#include "decoding/context.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <utility>

#include "lumina/status.h"

namespace lumina::decoding {
namespace {

// Room to take at once when a sequence outgrows the cache, so that growing stays rare.
constexpr std::int64_t kGrowth = 512;

}  // namespace

Context::Context(const model::Transformer& model, KeptCache& cache, const Monitor& monitor)
    : model_(model), kept_(cache), cache_(cache.cache()), monitor_(monitor) {}

void Context::add_row(std::vector<std::int32_t> tokens) {
  if (rows() == cache_.rows()) {
    throw Error(ErrorCode::kInternal, "the key/value cache has too few rows");
  }
  tokens_.push_back(std::move(tokens));
  last_.emplace_back();
}

void Context::begin(const std::vector<std::int32_t>& prompt,
                    const std::vector<std::int32_t>& picture, bool guided, int pictures) {
  std::vector<std::int32_t> with_text = prompt;
  with_text.insert(with_text.end(), picture.begin(), picture.end());
  for (int i = 0; i < pictures; ++i) {
    add_row(with_text);
    if (guided) add_row(picture);
  }
  pictures_ = pictures;
}

void Context::append(std::int32_t token, int picture) {
  const int each = rows_each();
  for (int row = picture * each; row < (picture + 1) * each; ++row) tokens_[row].push_back(token);
}

std::int64_t Context::missing(int row) const { return length(row) - cache_.length(row); }

std::vector<int> Context::first_rows(int count) const {
  std::vector<int> first;
  for (int row = 0; row < count; ++row) first.push_back(row);
  return first;
}

at::Tensor Context::advance() {
  if (!begun_) {
    begin_rows();
  } else {
    feed_missing(first_rows(rows()));
  }
  return at::stack(last_);
}

void Context::begin_rows() {
  begun_ = true;
  const int each = rows_each();
  const std::vector<std::vector<std::int32_t>> first(tokens_.begin(), tokens_.begin() + each);
  const std::vector<at::Tensor> known = kept_.resume(first);
  if (known.empty()) {
    feed_missing(first_rows(each));
    kept_.remember(first, {last_.begin(), last_.begin() + each});
  } else {
    std::copy(known.begin(), known.end(), last_.begin());
  }
  for (int row = each; row < rows(); ++row) {
    cache_.copy_row(row % each, row);
    last_[row] = last_[row % each];
  }
}

void Context::feed_missing(const std::vector<int>& rows) {
  const bool together =
      std::all_of(rows.begin(), rows.end(), [&](int row) { return missing(row) == missing(0); });
  if (together) {
    feed(rows);
  } else {
    for (const int row : rows) feed({row});
  }
}

void Context::feed(const std::vector<int>& rows) {
  const std::int64_t count = missing(rows.front());
  if (count == 0) return;
  at::Tensor ids = at::empty({static_cast<std::int64_t>(rows.size()), count}, at::kLong);
  std::int64_t longest = 0;
  for (std::size_t b = 0; b < rows.size(); ++b) {
    const auto& tokens = tokens_[rows[b]];
    std::copy(tokens.end() - count, tokens.end(), ids[b].data_ptr<std::int64_t>());
    longest = std::max(longest, length(rows[b]));
  }
  if (longest > cache_.capacity()) cache_.reserve(longest + kGrowth);

  const at::Tensor hidden = forward(rows, ids);
  for (std::size_t b = 0; b < rows.size(); ++b) last_[rows[b]] = hidden[b][-1];
}

at::Tensor Context::look_ahead(const std::vector<int>& pictures,
                               const std::vector<std::int64_t>& behind, const at::Tensor& ids) {
  const int each = rows_each();
  std::vector<int> rows;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    for (int row = pictures[i] * each; row < (pictures[i] + 1) * each; ++row) {
      cache_.truncate(row, length(row) - behind[i]);
      rows.push_back(row);
    }
  }
  return forward(rows, ids);
}

at::Tensor Context::extend(const std::vector<std::int32_t>& tokens) {
  for (auto& row : tokens_) row.insert(row.end(), tokens.begin(), tokens.end());
  const at::Tensor ids = at::tensor(tokens, at::kInt).to(at::kLong);
  return forward(first_rows(rows()), ids.expand({rows(), ids.size(0)}).contiguous());
}

// [B, T] -> [B, T, H]
at::Tensor Context::forward(const std::vector<int>& rows, const at::Tensor& ids) {
  model::ForwardHooks hooks;
  hooks.before_layer = [this] { monitor_.check(); };
  ++passes_;
  return model_.forward(rows, ids, cache_, hooks);
}

}  // namespace lumina::decoding
