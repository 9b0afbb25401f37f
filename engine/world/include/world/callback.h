#pragma once

#include <cstddef>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

namespace streamscope::world {

/// A move-only `void()` kept in place, never on the heap: what an event does when its time comes. What is larger than
/// `kCapacityBytes` does not compile; keep it behind a pointer.
class Callback {
 public:
  static constexpr size_t kCapacityBytes = 56;

  Callback() = default;

  template <class Callable>
  requires(!std::is_same_v<std::decay_t<Callable>, Callback>)
      /* implicit */ Callback(Callable&& callable)
      : m_operations(&kOperations<std::decay_t<Callable>>) {
    using Stored = std::decay_t<Callable>;
    static_assert(sizeof(Stored) <= kCapacityBytes && alignof(Stored) <= alignof(std::max_align_t));
    static_assert(std::is_nothrow_move_constructible_v<Stored>);
    ::new (static_cast<void*>(m_storage)) Stored(std::forward<Callable>(callable));
  }

  Callback(Callback&& other) noexcept { takeFrom(other); }
  Callback& operator=(Callback&& other) noexcept {
    if (this != &other) {
      reset();
      takeFrom(other);
    }
    return *this;
  }
  Callback(const Callback&) = delete;
  Callback& operator=(const Callback&) = delete;
  ~Callback() { reset(); }

  explicit operator bool() const { return m_operations != nullptr; }
  void operator()() { m_operations->invoke(m_storage); }

  void reset() {
    const Operations* operations = std::exchange(m_operations, nullptr);
    if (operations != nullptr && operations->destroy != nullptr) operations->destroy(m_storage);
  }

 private:
  /// `relocate` and `destroy` are null for what may be copied as bytes.
  struct Operations {
    void (*invoke)(void* self);
    void (*relocate)(void* from, void* to) noexcept;
    void (*destroy)(void* self) noexcept;
  };

  template <class Stored>
  static constexpr Operations makeOperations() {
    Operations operations{[](void* self) { (*static_cast<Stored*>(self))(); }, nullptr, nullptr};
    if constexpr (!std::is_trivially_copyable_v<Stored>) {
      operations.relocate = [](void* from, void* to) noexcept {
        ::new (to) Stored(std::move(*static_cast<Stored*>(from)));
        static_cast<Stored*>(from)->~Stored();
      };
      operations.destroy = [](void* self) noexcept { static_cast<Stored*>(self)->~Stored(); };
    }
    return operations;
  }
  template <class Stored>
  static constexpr Operations kOperations = makeOperations<Stored>();

  void takeFrom(Callback& other) noexcept {
    m_operations = std::exchange(other.m_operations, nullptr);
    if (m_operations == nullptr) return;
    if (m_operations->relocate != nullptr)
      m_operations->relocate(other.m_storage, m_storage);
    else
      std::memcpy(m_storage, other.m_storage, kCapacityBytes);
  }

  const Operations* m_operations = nullptr;
  alignas(std::max_align_t) unsigned char m_storage[kCapacityBytes];
};

}  // namespace streamscope::world
