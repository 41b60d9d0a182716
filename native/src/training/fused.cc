#include "training/fused.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>
#include <limits>
#include <vector>

#include "device/blas_threads.h"
#include "model/rotary.h"

namespace lumina::training {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr std::int64_t kRowsPerTask = 64;

at::Tensor wide(const at::Tensor& x) { return x.to(at::kFloat).contiguous(); }

// Rows are shared out in a fixed number of parts with sums of their own, so that the result does
// not depend on the number of threads.
constexpr std::int64_t kParts = 8;

template <typename Body>
void for_parts(std::int64_t rows, const Body& body) {
  at::parallel_for(0, kParts, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t part = begin; part < end; ++part) {
      body(part, rows * part / kParts, rows * (part + 1) / kParts);
    }
  });
}

struct RmsNorm : torch::autograd::Function<RmsNorm> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight,
                            double epsilon) {
    const at::Tensor input = wide(x), scale = wide(weight);
    const std::int64_t width = input.size(-1), rows = input.numel() / width;
    at::Tensor out = at::empty_like(input), inverse = at::empty({rows}, input.options());
    const float* in = input.const_data_ptr<float>();
    const float* w = scale.const_data_ptr<float>();
    float* to = out.data_ptr<float>();
    float* r = inverse.data_ptr<float>();
    at::parallel_for(0, rows, kRowsPerTask, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t row = begin; row < end; ++row) {
        const float* a = in + row * width;
        float sum = 0.0F;
#pragma omp simd reduction(+ : sum)
        for (std::int64_t i = 0; i < width; ++i) sum += a[i] * a[i];
        const float factor =
            1.0F / std::sqrt(sum / static_cast<float>(width) + static_cast<float>(epsilon));
        r[row] = factor;
        float* b = to + row * width;
        for (std::int64_t i = 0; i < width; ++i) b[i] = a[i] * factor * w[i];
      }
    });
    context->save_for_backward({input, scale, inverse});
    context->saved_data["type"] = static_cast<std::int64_t>(x.scalar_type());
    return out.to(x.scalar_type());
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &input = saved[0], &scale = saved[1], &inverse = saved[2];
    const at::Tensor given = wide(gradients[0]);
    const std::int64_t width = input.size(-1), rows = inverse.size(0);
    at::Tensor dx = at::empty_like(input), dw = at::zeros({kParts, width}, input.options());
    const float* a = input.const_data_ptr<float>();
    const float* w = scale.const_data_ptr<float>();
    const float* r = inverse.const_data_ptr<float>();
    const float* g = given.const_data_ptr<float>();
    float* to = dx.data_ptr<float>();
    float* sums = dw.data_ptr<float>();
    for_parts(rows, [&](std::int64_t part, std::int64_t begin, std::int64_t end) {
      float* dws = sums + part * width;
      for (std::int64_t row = begin; row < end; ++row) {
        const float *x = a + row * width, *dy = g + row * width;
        const float factor = r[row];
        float dot = 0.0F;
#pragma omp simd reduction(+ : dot)
        for (std::int64_t i = 0; i < width; ++i) dot += dy[i] * w[i] * x[i];
        const float pull = dot * factor * factor / static_cast<float>(width);
        float* out = to + row * width;
        for (std::int64_t i = 0; i < width; ++i) {
          out[i] = factor * (dy[i] * w[i] - x[i] * pull);
          dws[i] += dy[i] * x[i] * factor;
        }
      }
    });
    const auto type = static_cast<at::ScalarType>(context->saved_data["type"].toInt());
    return {dx.to(type), dw.sum(0), at::Tensor()};
  }
};

// Where element groups of one head lie, for the forward and the backward pass.
struct HeadShape {
  std::int64_t batch, length, heads, d;
  std::int64_t input(std::int64_t row, std::int64_t head) const { return (row * heads + head) * d; }
  std::int64_t output(std::int64_t row, std::int64_t head) const {
    return ((row / length * heads + head) * length + row % length) * d;
  }
};

struct HeadNormRotate : torch::autograd::Function<HeadNormRotate> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight,
                            const at::Tensor& bias, const at::Tensor& cos, const at::Tensor& sin,
                            double epsilon) {
    const HeadShape shape{x.size(0), x.size(1), x.size(2), x.size(3)};
    const at::Tensor input = wide(x), scale = wide(weight), shift = wide(bias);
    const at::Tensor cosine = wide(cos), sine = wide(sin);
    const std::int64_t rows = shape.batch * shape.length, d = shape.d, half = d / 2;
    const std::int64_t sharing = shape.heads / scale.size(0);
    at::Tensor out = at::empty({shape.batch, shape.heads, shape.length, d}, input.options());
    at::Tensor normal = at::empty_like(input);  // before weight and bias
    at::Tensor inverse = at::empty({rows, shape.heads}, input.options());
    const float *in = input.const_data_ptr<float>(), *w = scale.const_data_ptr<float>(),
                *b = shift.const_data_ptr<float>(), *c = cosine.const_data_ptr<float>(),
                *s = sine.const_data_ptr<float>();
    float *to = out.data_ptr<float>(), *n = normal.data_ptr<float>(),
          *r = inverse.data_ptr<float>();
    at::parallel_for(0, rows, kRowsPerTask, [&](std::int64_t begin, std::int64_t end) {
      std::vector<float> y(d);
      for (std::int64_t row = begin; row < end; ++row) {
        const float *ct = c + row % shape.length * half, *st = s + row % shape.length * half;
        for (std::int64_t head = 0; head < shape.heads; ++head) {
          const float* a = in + shape.input(row, head);
          float sum = 0.0F, squares = 0.0F;
#pragma omp simd reduction(+ : sum)
          for (std::int64_t i = 0; i < d; ++i) sum += a[i];
          const float mean = sum / static_cast<float>(d);
#pragma omp simd reduction(+ : squares)
          for (std::int64_t i = 0; i < d; ++i) squares += (a[i] - mean) * (a[i] - mean);
          const float factor =
              1.0F / std::sqrt(squares / static_cast<float>(d) + static_cast<float>(epsilon));
          r[row * shape.heads + head] = factor;
          float* normed = n + shape.input(row, head);
          const float *wh = w + head / sharing * d, *bh = b + head / sharing * d;
          for (std::int64_t i = 0; i < d; ++i) {
            normed[i] = (a[i] - mean) * factor;
            y[i] = normed[i] * wh[i] + bh[i];
          }
          float* turned = to + shape.output(row, head);
          for (std::int64_t i = 0; i < half; ++i) {
            turned[i] = y[i] * ct[i] - y[half + i] * st[i];
            turned[half + i] = y[half + i] * ct[i] + y[i] * st[i];
          }
        }
      }
    });
    context->save_for_backward({normal, inverse, scale, cosine, sine});
    context->saved_data["type"] = static_cast<std::int64_t>(x.scalar_type());
    return out;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &normal = saved[0], &inverse = saved[1], &scale = saved[2];
    const at::Tensor given = wide(gradients[0]);
    const HeadShape shape{normal.size(0), normal.size(1), normal.size(2), normal.size(3)};
    const std::int64_t rows = shape.batch * shape.length, d = shape.d, half = d / 2;
    const std::int64_t groups = scale.size(0), sharing = shape.heads / groups;
    at::Tensor dx = at::empty_like(normal);
    at::Tensor sums = at::zeros({kParts, 2, groups, d}, normal.options());  // of weight and bias
    const float *n = normal.const_data_ptr<float>(), *r = inverse.const_data_ptr<float>(),
                *w = scale.const_data_ptr<float>(), *c = saved[3].const_data_ptr<float>(),
                *s = saved[4].const_data_ptr<float>(), *g = given.const_data_ptr<float>();
    float *to = dx.data_ptr<float>(), *totals = sums.data_ptr<float>();
    for_parts(rows, [&](std::int64_t part, std::int64_t begin, std::int64_t end) {
      std::vector<float> dy(d);
      for (std::int64_t row = begin; row < end; ++row) {
        const float *ct = c + row % shape.length * half, *st = s + row % shape.length * half;
        for (std::int64_t head = 0; head < shape.heads; ++head) {
          const float* turned = g + shape.output(row, head);
          for (std::int64_t i = 0; i < half; ++i) {
            dy[i] = turned[i] * ct[i] + turned[half + i] * st[i];
            dy[half + i] = turned[half + i] * ct[i] - turned[i] * st[i];
          }
          const std::int64_t group = head / sharing;
          const float *normed = n + shape.input(row, head), *wh = w + group * d;
          float *dw = totals + (part * 2 * groups + group) * d, *db = dw + groups * d;
          float sum = 0.0F, dot = 0.0F;
          for (std::int64_t i = 0; i < d; ++i) {
            dw[i] += dy[i] * normed[i];
            db[i] += dy[i];
            dy[i] *= wh[i];
          }
#pragma omp simd reduction(+ : sum, dot)
          for (std::int64_t i = 0; i < d; ++i) {
            sum += dy[i];
            dot += dy[i] * normed[i];
          }
          const float factor = r[row * shape.heads + head];
          const float mean = sum / static_cast<float>(d), pull = dot / static_cast<float>(d);
          float* out = to + shape.input(row, head);
          for (std::int64_t i = 0; i < d; ++i) out[i] = factor * (dy[i] - mean - normed[i] * pull);
        }
      }
    });
    const at::Tensor total = sums.sum(0);
    const auto type = static_cast<at::ScalarType>(context->saved_data["type"].toInt());
    return {dx.to(type), total[0], total[1], at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

// Queries that share a block of scores: 128 x T of them stay in a core's cache.
constexpr std::int64_t kQueries = 128;

struct CausalAttention : torch::autograd::Function<CausalAttention> {
  // Calls body(head, first, count, keys) for every block: queries first .. first + count - 1 of a
  // head see the keys 0 .. keys - 1, less those in front of them.
  template <typename Body>
  static void for_blocks(std::int64_t heads, std::int64_t length, const Body& body) {
    const device::SingleThreadedBlas single;
    at::parallel_for(0, heads, 1, [&](std::int64_t begin, std::int64_t end) {
      const at::AutoDispatchBelowADInplaceOrView below;
      for (std::int64_t head = begin; head < end; ++head) {
        for (std::int64_t first = 0; first < length; first += kQueries) {
          const std::int64_t count = std::min(kQueries, length - first);
          body(head, first, count, first + count);
        }
      }
    });
  }

  // -inf where a key lies behind its query.
  static void hide_later_keys(at::Tensor& scores, std::int64_t first) {
    float* row = scores.data_ptr<float>();
    const std::int64_t count = scores.size(0), keys = scores.size(1);
    for (std::int64_t i = 0; i < count; ++i, row += keys) {
      std::fill(row + first + i + 1, row + keys, -std::numeric_limits<float>::infinity());
    }
  }

  static at::Tensor forward(AutogradContext* context, const at::Tensor& query,
                            const at::Tensor& key, const at::Tensor& value) {
    const std::int64_t length = query.size(2), d = query.size(3);
    const std::int64_t heads = query.size(0) * query.size(1);
    const double scale = 1.0 / std::sqrt(static_cast<double>(d));
    const auto by_head = [&](const at::Tensor& x) { return wide(x).view({heads, length, d}); };
    const at::Tensor q = by_head(query), k = by_head(key), v = by_head(value);
    const at::Tensor out = at::empty_like(q);
    const at::Tensor total = at::empty({heads, length, 1}, q.options());  // log-sum-exp of scores
    for_blocks(heads, length,
               [&](std::int64_t h, std::int64_t first, std::int64_t count, std::int64_t keys) {
                 at::Tensor scores =
                     at::mm(q[h].narrow(0, first, count), k[h].narrow(0, 0, keys).t()).mul_(scale);
                 hide_later_keys(scores, first);
                 at::Tensor sums = total[h].narrow(0, first, count);
                 sums.copy_(at::logsumexp(scores, 1, true));
                 at::Tensor target = out[h].narrow(0, first, count);
                 at::mm_out(target, scores.sub_(sums).exp_(), v[h].narrow(0, 0, keys));
               });
    context->save_for_backward({q, k, v, out, total});
    return out.view(query.sizes());
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &q = saved[0], &k = saved[1], &v = saved[2], &out = saved[3],
                     &total = saved[4];
    const std::int64_t heads = q.size(0), length = q.size(1), d = q.size(2);
    const double scale = 1.0 / std::sqrt(static_cast<double>(d));
    const at::Tensor given = wide(gradients[0]).view({heads, length, d});
    const at::Tensor dq = at::empty_like(q), dk = at::zeros_like(k), dv = at::zeros_like(v);
    for_blocks(heads, length,
               [&](std::int64_t h, std::int64_t first, std::int64_t count, std::int64_t keys) {
                 const at::Tensor queries = q[h].narrow(0, first, count),
                                  seen = k[h].narrow(0, 0, keys);
                 const at::Tensor dout = given[h].narrow(0, first, count);
                 at::Tensor scores = at::mm(queries, seen.t()).mul_(scale);
                 hide_later_keys(scores, first);
                 const at::Tensor p = scores.sub_(total[h].narrow(0, first, count)).exp_();
                 dv[h].narrow(0, 0, keys).addmm_(p.t(), dout);
                 at::Tensor ds = at::mm(dout, v[h].narrow(0, 0, keys).t());
                 ds.sub_((dout * out[h].narrow(0, first, count)).sum(1, true)).mul_(p).mul_(scale);
                 at::Tensor target = dq[h].narrow(0, first, count);
                 at::mm_out(target, ds, seen);
                 dk[h].narrow(0, 0, keys).addmm_(ds.t(), queries);
               });
    const auto shape = gradients[0].sizes();
    return {dq.view(shape), dk.view(shape), dv.view(shape)};
  }
};

}  // namespace

at::Tensor composed_rms_norm(const at::Tensor& x, const at::Tensor& weight, double epsilon) {
  const at::Tensor input = x.to(at::kFloat);
  const at::Tensor factor = at::rsqrt(input.square().mean(-1, /*keepdim=*/true) + epsilon);
  return (input * factor * weight.to(at::kFloat)).to(x.scalar_type());
}

at::Tensor composed_head_norm_rotate(const at::Tensor& x, const at::Tensor& weight,
                                     const at::Tensor& bias, const at::Tensor& cos,
                                     const at::Tensor& sin, double epsilon) {
  const std::int64_t sharing = x.size(2) / weight.size(0);
  const auto per_head = [&](const at::Tensor& rows) {
    return rows.to(at::kFloat).repeat_interleave(sharing, 0);
  };
  const at::Tensor normal = at::layer_norm(x.to(at::kFloat), {x.size(-1)}, {}, {}, epsilon);
  return model::rotate(normal * per_head(weight) + per_head(bias), {cos, sin}).transpose(1, 2);
}

at::Tensor composed_causal_attention(const at::Tensor& q, const at::Tensor& k,
                                     const at::Tensor& v) {
  return at::scaled_dot_product_attention(q, k, v, {}, /*dropout_p=*/0.0, /*is_causal=*/true);
}

at::Tensor fused_rms_norm(const at::Tensor& x, const at::Tensor& weight, double epsilon) {
  if (!x.is_cpu()) return composed_rms_norm(x, weight, epsilon);
  return RmsNorm::apply(x, weight, epsilon);
}

at::Tensor fused_head_norm_rotate(const at::Tensor& x, const at::Tensor& weight,
                                  const at::Tensor& bias, const at::Tensor& cos,
                                  const at::Tensor& sin, double epsilon) {
  if (!x.is_cpu()) return composed_head_norm_rotate(x, weight, bias, cos, sin, epsilon);
  return HeadNormRotate::apply(x, weight, bias, cos, sin, epsilon);
}

at::Tensor causal_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) {
  if (!q.is_cpu()) return composed_causal_attention(q, k, v);
  return CausalAttention::apply(q, k, v);
}

}  // namespace lumina::training
