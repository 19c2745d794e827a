@echo off
rem Kamizero. Sets itself up on first use, then does what the first word says; the words are those of the file "run".
rem WHEELHOUSE=dir   install from the wheels in that folder, without a network
rem PYTHON=program   the Python to use (3.11 or newer)
setlocal EnableExtensions DisableDelayedExpansion
set "here=%~dp0"
set "venv=%here%.venv"
set "PYTHONPATH=%here%;%PYTHONPATH%"
set "PYTHONUTF8=1"
set "word=%~1"
if "%word%"=="" set "word=demo"
set "kind=runtime"
if /i "%word%"=="test" set "kind=dev"
if /i "%word%"=="check" if "%~2"=="" set "kind=dev"
call :set_up || exit /b 1

set "rest="
shift /1
:collect
if "%~1"=="" goto start
set rest=%rest% "%~1"
shift /1
goto collect

:start
if /i "%word%"=="test" (
    cd /d "%here%"
    "%venv%\Scripts\python.exe" -m pytest %rest%
    exit /b
)
if /i "%word%"=="bench" (
    cd /d "%here%"
    "%venv%\Scripts\python.exe" -m benchmarks %rest%
    exit /b
)
if /i "%word%"=="check" if not defined rest goto judge
"%venv%\Scripts\python.exe" "%here%kamizero.py" %word% %rest%
exit /b

:judge
cd /d "%here%"
set "verdict=0"
"%venv%\Scripts\python.exe" -m ruff check || set "verdict=1"
"%venv%\Scripts\python.exe" -m ruff format --check || set "verdict=1"
"%venv%\Scripts\python.exe" -m mypy || set "verdict=1"
exit /b %verdict%

:set_up
rem A finished set-up is known by the copy of pyproject.toml that was wished for.
if exist "%venv%\Scripts\python.exe" fc /b "%here%pyproject.toml" "%venv%\%kind%.stamp" >nul 2>nul && exit /b 0
call :speak_utf8
echo 準備しています。初回だけ、数分かかることがあります。/ Setting up; this takes a few minutes, once.
if not exist "%venv%\Scripts\python.exe" call :make_venv || exit /b 1
"%venv%\Scripts\python.exe" -c "import os, tomllib; p = tomllib.load(open(os.environ['here'] + 'pyproject.toml', 'rb'))['project']; print(*(p['dependencies'] + (p['optional-dependencies']['dev'] if os.environ['kind'] == 'dev' else [])), sep='\n')" >"%venv%\%kind%.requirements" || exit /b 1
set "source="
if defined WHEELHOUSE set source=--no-index --find-links "%WHEELHOUSE%"
"%venv%\Scripts\python.exe" -m pip install -q --disable-pip-version-check --no-input -r "%venv%\%kind%.requirements" %source%
if errorlevel 1 (
    echo Pythonの部品を入れられませんでした。ネットワークを確かめるか、WHEELHOUSEにフォルダを指定してください。
    echo Packages could not be installed. Check the network, or set WHEELHOUSE to a folder of wheels.
    chcp %page% >nul
    exit /b 1
)
copy /y "%here%pyproject.toml" "%venv%\%kind%.stamp" >nul
chcp %page% >nul
exit /b 0

:speak_utf8
rem This file is UTF-8; the console's own code page comes back when the set-up is done.
for /f "tokens=2 delims=:." %%p in ('chcp') do set "page=%%p"
chcp 65001 >nul
exit /b 0

:make_venv
if defined PYTHON (
    "%PYTHON%" -m venv "%venv%" && exit /b 0
) else (
    for %%v in (3.14 3.13 3.12 3.11) do py -%%v -m venv "%venv%" >nul 2>nul && exit /b 0
    python -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && python -m venv "%venv%" && exit /b 0
)
echo Python 3.11以上を入れてから、もう一度 run と入力してください。
echo Install Python 3.11 or newer, then type run again.
chcp %page% >nul
exit /b 1
