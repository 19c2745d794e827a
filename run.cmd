@echo off
rem Sets itself up on first use, then does what the first word says; the words are those of the file "run".
rem Lines in Japanese end in ASCII: a console of another code page must not lose their line ends.
setlocal EnableExtensions DisableDelayedExpansion
set "here=%~dp0"
set "venv=%here%.venv"
if defined KAMIZERO_VENV set "venv=%KAMIZERO_VENV:"=%"
set "PYTHONUTF8=1"
set "KAMIZERO_COMMAND=run"
if defined PYTHONPATH (set "PYTHONPATH=%here%;%PYTHONPATH%") else set "PYTHONPATH=%here%"
set "word=%~1"
if "%word%"=="" set "word=demo"
for %%w in (demo present join kiosk fleet ca check export record doctor test bench --version) do if /i "%word%"=="%%w" goto known
call :speak_utf8
call :usage
chcp %page% >nul
for %%w in (-h --help help) do if /i "%word%"=="%%w" exit /b 0
exit /b 2

:known
set "kind=runtime"
if /i "%word%"=="test" set "kind=test"
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

:usage
echo 紙ゼロ Kamizero
echo.
echo   run [demo]             1台で両方の画面を試す / try both windows on this machine
echo   run present [FILE...]  資料を開いて説明する / open papers and present them
echo   run join [ROOM]        自分の端末で説明に参加する / take part in a briefing
echo   run kiosk              会議室ディスプレイを動かす / run a meeting-room display
echo   run check FILE...      資料を映せるかどうかを確かめる / say whether papers can be shown
echo   run fleet              全ての会議室ディスプレイを見る / see to all displays of the house
echo   run ca WORD            設備の鍵で署名する / sign with the facilities’ key
echo   run export NAME        説明の資料を書き出す / export papers
echo   run record NAME        打合せ記録を作る / make the record of a briefing
echo   run doctor             この端末で使えるかどうかを調べる / say whether this machine is fit
echo   run check              ソースを確かめる / judge the source: ruff and mypy
echo   run test [PYTEST...]   試験を行う / run the tests
echo   run bench [NAME...]    速さと記憶の量を測る / measure speed and memory
echo.
echo   WHEELHOUSE     そのフォルダのwheelから入れる / install from the wheels in this folder, without a network
echo   PYTHON         使うPython / the Python to use (3.11 or newer)
echo   KAMIZERO_VENV  Pythonの部品の置き場所 / where the Python packages go
exit /b 0

:set_up
rem A finished set-up is known by the copy of pyproject.toml that was wished for, and by a Python that starts.
set "alive="
if exist "%venv%\Scripts\python.exe" "%venv%\Scripts\python.exe" -c "" >nul 2>nul && set "alive=1"
if defined alive fc /b "%here%pyproject.toml" "%venv%\%kind%.stamp" >nul 2>nul && exit /b 0
call :speak_utf8
echo 準備しています。初回だけ、数分かかることがあります。/ Setting up; this takes a few minutes, once.
call :install
set "outcome=%errorlevel%"
chcp %page% >nul
exit /b %outcome%

:speak_utf8
rem This file is UTF-8; the console's own code page comes back afterwards.
for /f "tokens=2 delims=:." %%p in ('chcp') do set "page=%%p"
chcp 65001 >nul
exit /b 0

:install
if not defined alive call :make_venv || exit /b 1
"%venv%\Scripts\python.exe" -c "import os, tomllib; p = tomllib.load(open(os.environ['here'] + 'pyproject.toml', 'rb'))['project']; o = p['optional-dependencies']; print(*(p['dependencies'] + ([] if os.environ['kind'] == 'runtime' else o['dev'] + o['fleet'])), sep='\n')" >"%venv%\%kind%.requirements" || exit /b 1
set "source="
if defined WHEELHOUSE set source=--no-index --find-links "%WHEELHOUSE:"=%\."
"%venv%\Scripts\python.exe" -m pip install -q --disable-pip-version-check --no-input -r "%venv%\%kind%.requirements" %source%
if errorlevel 1 (
    echo Pythonの部品を入れられませんでした。ネットワークを確かめるか、WHEELHOUSEを指定してください。 WHEELHOUSE=C:\wheels
    echo Packages could not be installed. Check the network, or set WHEELHOUSE to a folder of wheels.
    exit /b 1
)
copy /y "%here%pyproject.toml" "%venv%\%kind%.stamp" >nul
exit /b 0

:make_venv
call :find_python
if not defined interpreter (
    echo Python 3.11以上を入れてから、もう一度入力してください。 run
    echo Install Python 3.11 or newer, then type run again.
    exit /b 1
)
%interpreter% -m venv --clear "%venv%" && exit /b 0
echo Pythonの部品の置き場所を作れませんでした。KAMIZERO_VENVで決められます。 %venv%
echo Could not make a place for the packages; KAMIZERO_VENV may name another.
exit /b 1

:find_python
set "interpreter="
if defined PYTHON set interpreter="%PYTHON:"=%"
if defined interpreter exit /b 0
rem Only a look: the newer launcher may otherwise download what is asked for.
set "PYTHON_MANAGER_AUTOMATIC_INSTALL=false"
for %%v in (3.14 3.13 3.12 3.11) do py -%%v -c "" >nul 2>nul && set "interpreter=py -%%v" && exit /b 0
python -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set "interpreter=python"
exit /b 0
