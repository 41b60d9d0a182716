#include "recipe/recipe.h"

#include <cmath>
#include <cstring>
#include <map>
#include <memory>
#include <thread>

#include "checkpoint/extents.h"

namespace lumina::recipe {
namespace {

// weight = offset + scale * U
struct Rule {
  double offset;
  double scale;
};

bool ends_with(const std::string& text, const std::string& tail) {
  return text.size() >= tail.size() &&
         text.compare(text.size() - tail.size(), tail.size(), tail) == 0;
}

Rule rule_for(Family family, const std::string& name, const std::vector<std::int64_t>& shape) {
  const Rule norm_scale{1.0, 0.25};
  const Rule bias{0.0, 0.25};
  if (family == Family::kMovqgan) {
    if (name == "quantize.embedding.weight") return {0.0, 1.0};
    if (shape.size() == 4) {
      return {0.0, 2.0 / std::sqrt(static_cast<double>(shape[1] * shape[2] * shape[3]))};
    }
    return ends_with(name, ".weight") ? norm_scale : bias;
  }
  if (name.find("norm") != std::string::npos) {
    return ends_with(name, ".weight") ? norm_scale : bias;
  }
  if (name == "model.embed_tokens.weight") return {0.0, 1.0};
  if (shape.size() == 2) return {0.0, 2.0 / std::sqrt(static_cast<double>(shape[1]))};
  return bias;
}

std::uint16_t to_bf16(float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  bits += 0x7FFFu + ((bits >> 16) & 1u);  // no NaN can occur here
  return static_cast<std::uint16_t>(bits >> 16);
}

template <typename Store>
void fill(Family family, const std::string& name, const std::vector<std::int64_t>& shape,
          int threads, const std::string& salt, Store store) {
  const Rule rule = rule_for(family, name, shape);
  const std::uint64_t hash = name_hash(salt + name);
  const std::int64_t count = checkpoint::numel(shape);
  auto run = [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      store(i, static_cast<float>(rule.offset + uniform(hash, i) * rule.scale));
    }
  };
  if (threads <= 1 || count < (1 << 16)) {
    run(0, count);
    return;
  }
  std::vector<std::thread> pool;
  pool.reserve(threads);
  for (int t = 0; t < threads; ++t) {
    pool.emplace_back(run, count * t / threads, count * (t + 1) / threads);
  }
  for (auto& worker : pool) worker.join();
}

}  // namespace

std::uint64_t name_hash(const std::string& name) {
  std::uint64_t hash = 14695981039346656037ull;
  for (unsigned char byte : name) {
    hash ^= byte;
    hash *= 1099511628211ull;
  }
  return hash;
}

std::uint64_t stream(std::uint64_t name_hash, std::uint64_t index) {
  std::uint64_t x = name_hash + (index + 1) * 0x9E3779B97F4A7C15ull;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
  return x ^ (x >> 31);
}

double uniform(std::uint64_t name_hash, std::uint64_t index) {
  return static_cast<double>(stream(name_hash, index) >> 40) * 0x1p-23 - 1.0;
}

void fill_weights(Family family, const std::string& name, const std::vector<std::int64_t>& shape,
                  float* out, int threads, const std::string& salt) {
  fill(family, name, shape, threads, salt, [out](std::int64_t i, float value) { out[i] = value; });
}

void fill_weights_bf16(Family family, const std::string& name,
                       const std::vector<std::int64_t>& shape, std::uint16_t* out, int threads,
                       const std::string& salt) {
  fill(family, name, shape, threads, salt,
       [out](std::int64_t i, float value) { out[i] = to_bf16(value); });
}

checkpoint::WeightSet make_weights(Family family, const std::vector<checkpoint::TensorSpec>& specs,
                                   bool bf16, const std::string& salt) {
  const int threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  std::map<std::string, checkpoint::TensorView> tensors;
  for (const auto& spec : specs) {
    const std::int64_t count = checkpoint::numel(spec.shape);
    checkpoint::TensorView view;
    view.shape = spec.shape;
    view.strides = checkpoint::row_major_strides(spec.shape);
    view.file = "recipe";
    if (bf16) {
      auto values = std::make_shared<std::vector<std::uint16_t>>(count);
      fill_weights_bf16(family, spec.name, spec.shape, values->data(), threads, salt);
      view.dtype = checkpoint::DType::kBFloat16;
      view.data = values->data();
      view.owner = values;
    } else {
      auto values = std::make_shared<std::vector<float>>(count);
      fill_weights(family, spec.name, spec.shape, values->data(), threads, salt);
      view.data = values->data();
      view.owner = values;
    }
    tensors.emplace(spec.name, std::move(view));
  }
  return checkpoint::WeightSet::in_memory(std::move(tensors), "recipe");
}

std::vector<float> image(const std::string& name, std::int64_t batch, std::int64_t height,
                         std::int64_t width) {
  const std::uint64_t hash = name_hash(name);
  std::vector<float> values(batch * 3 * height * width);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<float>(static_cast<double>(stream(hash, i) >> 56) / 255.0 * 2.0 - 1.0);
  }
  return values;
}

std::vector<std::int32_t> codes(std::int64_t count, std::int64_t n_embed) {
  const std::uint64_t hash = name_hash("codes");
  std::vector<std::int32_t> values(count);
  for (std::int64_t i = 0; i < count; ++i) {
    values[i] =
        static_cast<std::int32_t>((stream(hash, i) >> 40) % static_cast<std::uint64_t>(n_embed));
  }
  return values;
}

}  // namespace lumina::recipe
