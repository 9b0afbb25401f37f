# Standalone Asio as one target, so that every translation unit sees it configured alike. Asio 1.22 decides about
# std::aligned_alloc by whether a standard header came before it, and then frees in one file what another allocated
# differently; switched off, all agree.
add_library(streamscope_asio INTERFACE)
target_include_directories(streamscope_asio SYSTEM INTERFACE ${STREAMSCOPE_ASIO_INCLUDE_DIR})
target_compile_definitions(streamscope_asio INTERFACE ASIO_STANDALONE ASIO_NO_DEPRECATED ASIO_DISABLE_STD_ALIGNED_ALLOC)
target_link_libraries(streamscope_asio INTERFACE Threads::Threads)
if(WIN32)
  # Windows 10, the oldest that Qt 6 runs on.
  target_compile_definitions(streamscope_asio INTERFACE _WIN32_WINNT=0x0A00)
  target_link_libraries(streamscope_asio INTERFACE ws2_32 mswsock)
endif()
