#include "decoding/kept_cache.h"

namespace lumina::decoding {

model::KvCache& KeptCache::make(const model::Transformer& model, int rows, std::int64_t capacity) {
  if (!cache_ || cache_->rows() < rows || cache_->capacity() < capacity) {
    reset();  // first, so that the old and the new one never exist together
    cache_ = std::make_unique<model::KvCache>(model.new_cache(rows, capacity));
  }
  return *cache_;
}

void KeptCache::reset() {
  cache_.reset();
  rows_.clear();
  last_.clear();
  ends_.clear();
}

void KeptCache::remember(const std::vector<std::vector<std::int32_t>>& rows,
                         const std::vector<at::Tensor>& last) {
  rows_ = rows;
  last_.clear();
  ends_.clear();
  for (int row = 0; row < static_cast<int>(rows.size()); ++row) {
    last_.push_back(last[row].clone());  // of its own, not a part of what the pass returned
    ends_.push_back(cache_->copy(row, cache_->length(row) - 1));
  }
}

bool KeptCache::remembers(const std::vector<std::vector<std::int32_t>>& rows) const {
  if (rows_.empty() || rows != rows_) return false;
  for (int row = 0; row < static_cast<int>(rows.size()); ++row) {
    if (cache_->length(row) + 1 < static_cast<std::int64_t>(rows[row].size())) return false;
  }
  return true;
}

std::vector<at::Tensor> KeptCache::resume(const std::vector<std::vector<std::int32_t>>& rows) {
  if (!remembers(rows)) {
    cache_->clear();
    rows_.clear();
    return {};
  }
  for (int row = 0; row < cache_->rows(); ++row) {
    if (row >= static_cast<int>(rows.size())) {
      cache_->truncate(row, 0);
      continue;
    }
    const auto end = static_cast<std::int64_t>(rows[row].size()) - 1;
    cache_->truncate(row, end);
    cache_->restore(row, ends_[row]);
  }
  return last_;
}

}  // namespace lumina::decoding
