# Debian's MinGW with POSIX threads, for 64-bit Windows. Programs are linked statically, so that they run where they are
# copied to, and under wine here. Libraries come from STREAMSCOPE_WINDOWS_SYSROOT, which packaging/windows/libraries makes.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc-posix)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)
set(CMAKE_EXE_LINKER_FLAGS_INIT "-static")

set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES STREAMSCOPE_WINDOWS_SYSROOT)
set(CMAKE_FIND_ROOT_PATH ${STREAMSCOPE_WINDOWS_SYSROOT} /usr/x86_64-w64-mingw32)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
