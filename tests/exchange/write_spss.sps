* Multiple response sets as PSPP 1.6.2 writes them.
SET LOCALE='UTF-8'.
DATA LIST LIST /id q3_1 q3_2 q3_3 r1 r2 w.
BEGIN DATA
1 1 0 1 2 3 1.5
2 0 0 0 1 9 0.5
3 9 9 9 3 1 1
END DATA.
VARIABLE LABELS q3_1 '家族' q3_2 '友人' q3_3 '同僚' r1 '1位' r2 '2位'.
VALUE LABELS r1 r2 1 '本' 2 '席' 3 '時間'.
MISSING VALUES q3_1 q3_2 q3_3 (9) r1 r2 (8 THRU 9).
VARIABLE LEVEL q3_1 TO r2 (NOMINAL).
MRSETS /MDGROUP NAME=$q3 LABEL='相談相手' VARIABLES=q3_1 q3_2 q3_3 VALUE=1
       /MCGROUP NAME=$rank LABEL='望む順' VARIABLES=r1 r2.
WEIGHT BY w.
SAVE OUTFILE='@FILE@'.

